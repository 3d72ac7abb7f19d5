"""What a run leaves behind, and what may be said about it. Opens without the simulator."""
