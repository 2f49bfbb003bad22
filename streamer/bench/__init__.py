"""Benchmarks: how fast the engines are, and against what. `yardstick.c` is the fastest a careful person writes by hand.

May not be imported by what it measures, and may not print a speed of engines that disagree.
"""
