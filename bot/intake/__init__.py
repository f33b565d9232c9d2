"""How updates come in: asked for (polling) or delivered (webhook). Both store before they acknowledge."""
