"""App for tests of servers: pages tell in their text when they turn, and a figure counts those that are open."""
