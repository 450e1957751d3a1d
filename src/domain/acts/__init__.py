"""One room for each act or family of acts: the command that decides, the events that follow, who may do it, how its
form is read, and what else is true of it. What happens of itself (a breach, a bounce) has rooms of the same shape.

A room is imported when it is entered; `domain.registry` knows which one holds what. Its words are in the template of
the same name, `templates/acts/<room>.html`.
"""
