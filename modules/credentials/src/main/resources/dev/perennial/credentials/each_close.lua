end
-- Set behind what a script does to one connection: does it to one after the other. What one comes to is no
-- matter to the next, not even where its hash holds what no script ever wrote.
-- ARGV[2] and on: for each its number of arguments, which begin with the connection key.
local all, answers, at = ARGV, {}, 2
while at <= #all do
  local count = tonumber(all[at])
  go_to(all[at + 1])
  ARGV = {base, unpack(all, at + 1, at + count)}
  local done, answer = pcall(step)
  if not done then
    forget(changed)
    if type(answer) ~= 'table' then answer = {err = 'ERR user_script ' .. tostring(answer)} end
  end
  answers[#answers + 1] = answer
  at = at + count + 1
end
flush()
return answers
