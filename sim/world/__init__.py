"""State only, no behaviour: tables of columns, the place as geometry and ties, and a world that saves and continues."""
