"""`scv keys`: key and certificate for an org."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def generate(
    *,
    out: Annotated[Path, Parameter(help="Folder for the two files; made when missing.")],
    common_name: Annotated[str, Parameter(help="Whom the certificate names: your org or company.")],
) -> None:
    """Make an RSA key of 2048 bits and a self-signed certificate for one year.

    Every org needs its own pair. Existing files are never overwritten.
    """
    from server.app.clock import SystemClock
    from server.app.keys import CERTIFICATE_DAYS, generate_key_pair

    pair = generate_key_pair(out, common_name=common_name, clock=SystemClock())
    print(f"private key:  {pair.key_file}  (only you can read it; name it as private_key_file)")
    print(f"certificate:  {pair.certificate_file}  (valid {CERTIFICATE_DAYS} days)")
    print("Paste the certificate into the contact center: reqTelephonyIntegrationCertificate.")
