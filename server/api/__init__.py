"""HTTP and sockets, thin: every path is in `routes.py`, every rule in `contact_center`."""
