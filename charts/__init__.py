"""Draws the charts of knowledge/faq/charts.yaml: a tool for the curator, which the running bot never imports."""
