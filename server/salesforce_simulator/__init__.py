"""A stand-in for a Salesforce org: its telephony API, its VoiceCall records, its bad days."""

from server.salesforce_simulator.app import create_simulator
from server.salesforce_simulator.faults import Fault, FaultMode
from server.salesforce_simulator.organizations import SimulatedOrganization
from server.salesforce_simulator.simulator import Simulator

__all__ = ["Fault", "FaultMode", "SimulatedOrganization", "Simulator", "create_simulator"]
