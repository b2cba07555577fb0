"""How near to 1 the numbers of a row sum that are all of its classes; files are written with few digits."""

NEAR_ONE = 1e-2
