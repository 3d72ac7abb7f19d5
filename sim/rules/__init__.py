"""Reform as rows: dated rule changes, structural operations, and the timeline they compose to."""
