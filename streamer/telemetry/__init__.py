"""What the daemon says about itself: records published between blocks, the metrics made from them, its health.

May not slow the loop: everything here is pulled. The only package that knows prometheus_client.
"""
