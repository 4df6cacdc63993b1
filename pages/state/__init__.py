"""What is set on screen, and by whom it is read.

When a slider moves, this happens, and nothing else. The browser sends what all widgets on screen
say, and Streamlit runs the page from top to bottom. The first thing a page does is `begin` in
panels/shared/page.py: it takes the visit's `Session` and calls `Session.read`, which asks each
widget that was drawn whether it says something new, writes what is valid into the frozen `Settings`
and then does what pressed buttons asked for. From there on nothing is written any more: settings ->
`Setup` -> `Trace` -> the player's frame, which leaves on the player's own channel before the rest
of the page is drawn. Widgets get the present value as their own default and a key that carries a
version, `seed@2`; where code sets a value (a button, a link, the way back), the version grows, and
the browser makes a new widget that starts from it. Nobody writes to a widget's key. At its end the
page writes the settings to the URL (`publish`). One run at a time answers a browser, and those of
many browsers go one after the other (`turns`). A newer message may cut it off anywhere once it has
read, because the next one begins again from what the browser says; a button is put on a list by its
callback, and the list is worked off when the run reads, so a press is done once. When the server
was restarted, the browser hands the versions back, the settings come from the URL, and widgets, pad
and player say the rest.

schema          the one table of values: names, defaults, bounds
text_forms      how a value is written in a link
url             settings <-> URL parameters
session         one visitor's state: what is read, what is set by code
input_sequence  settings -> the sequence the network reads
typed_text      the text typed -> its steps, with an alphabet or an embedding
own_weights     somebody's own weights in the session
own_forecast    the network that has learned somebody's own sequence on Uses
networks        the networks that specs describe, and their weights for who looks
setup           session -> network, sequence, start; -> traces
continuation    what a network predicts of the sequence, and how it goes on by itself
cache           a session's last result of everything costly
measurement     what takes seconds, and outlives the run that began it
turns           whose run is computed: one at a time, unless it takes long

browser/        where what the browser says comes in
  visit              from its address to a session and back
  waiting_requests   what people do faster than runs begin, all of it kept
  runs               which run of a page is the newer one
  player_view        what the player reports and what it is told
  pad_drawing        what the draw pad reports and what it is given
  selected_cell      the cell that is open, as settings, trace and player name it
files/          uploads and recordings: their bytes, what they hold, what is chosen, their links
training/       networks that have learned
  recipes            settings <-> the recipe they ask for
  training_run       the run a session follows; the trained network on stage
  held               what a session holds of it
  first_network      the trained network of a first visit
  lesson_training    lesson 8's two trainings
  taught             classes taught by drawing, example by example
classroom/      a class and its course
  course             where somebody is in Learn, what was predicted and what happens
  folded             what a link or Present folds away, and the future that is hidden
  rooms/             rooms of a poll: what is asked, who answers, where they are kept
  polls              the room a session is in, and what its teacher does
  held               what a session holds of it
"""
