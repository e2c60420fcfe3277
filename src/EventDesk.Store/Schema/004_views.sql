-- Emptied by a crash like every unlogged table: a view with unlogged tables whose name is missing here has lost its rows and is built anew.
create unlogged table view_alive (name varchar primary key);
