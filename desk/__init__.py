"""The desk: pages in a browser for those who send, check, edit and approve, on the task force's own network.

A view asks `marsad.answers`, shows the answer in a template, and does nothing else. A page is added by a view with
`identity.access.allow(...)` in a room of its task, its template beside it and its address in `urls.py`.
Does not belong here: any answer, any rule about files, figures or acts, any public page (`reports`).
"""
