"""What goes wrong. Each fault is a track: it notes its beginning, what it hit, and when all was whole again."""
