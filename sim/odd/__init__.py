"""The model described by itself: its ODD+D protocol and what its rules are assumed to do, read off the declarations."""
