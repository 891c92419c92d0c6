"""SOAP power spectra and their compressions (Darby, Kermode and Csányi 2021)."""

from gmd.local.soap.members import MEMBERS, Member
from gmd.local.soap.recovery import l_slices
from gmd.local.soap.soap import Soap

__all__ = ["MEMBERS", "Member", "Soap", "l_slices"]
