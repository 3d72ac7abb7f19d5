"""How results are shown: words, figures, reports. Views read tables; they never see a world."""
