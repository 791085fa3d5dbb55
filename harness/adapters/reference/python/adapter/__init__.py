"""An adapter between one application and the bus, for every exchange pattern and both roles."""
