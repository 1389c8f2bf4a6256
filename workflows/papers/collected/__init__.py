"""What the papers of the backbone are compiled from, one noun a file. Reads only."""
