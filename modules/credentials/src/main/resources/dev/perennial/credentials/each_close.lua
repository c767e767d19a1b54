end
-- Set behind what a script does to one connection: does it to one after the other. Nothing is between them,
-- and what one comes to is no matter to the next.
-- ARGV[2] and on: for each its number of arguments, which begin with the connection key.
local all, answers, at = ARGV, {}, 2
while at <= #all do
  local count = tonumber(all[at])
  go_to(all[at + 1])
  ARGV = {base, unpack(all, at + 1, at + count)}
  answers[#answers + 1] = step()
  at = at + count + 1
end
flush()
return answers
