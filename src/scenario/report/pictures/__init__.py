"""What is drawn: text for Graphviz and Mermaid, SVG."""
