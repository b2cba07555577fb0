"""The mathematics of predictions, labels, losses and hits: numpy only, no files, no windows."""
