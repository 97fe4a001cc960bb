"""What the pipeline's jobs do: one job type a file. The engine finds this package by its name."""
