"""Battery Hub's panel: charts from the database, which it may only read."""
