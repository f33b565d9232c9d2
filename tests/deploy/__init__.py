"""What is given to operators and readers: the image, the settings, the docs."""
