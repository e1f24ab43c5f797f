"""Item models: thin shelves over frozen rows, which the views of the window show."""
