"""How the tables came to be, one step a file. A step that was released is never changed: add the next one."""

HEAD = "0002"  # the last step
