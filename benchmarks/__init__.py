"""Measurements beside peers and the limits of the machine: ``./run benchmark``."""
