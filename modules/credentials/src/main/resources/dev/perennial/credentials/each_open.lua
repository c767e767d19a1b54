-- Set before what a script does to one connection.
local function step()
