"""Rooms of a poll: what is asked in them, who has answered, and where they are kept.

code      the letters by which a class finds a room
room      a room, its question, its teacher's secret and its students' tickets
store     which of the two keeps the rooms
memory      this process
redis       a Redis that several replicas share
served    the routes by which phones answer and projectors count
"""
