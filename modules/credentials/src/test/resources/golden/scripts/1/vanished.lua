-- ARGV[2] before, [3] at most. Codes whose attempt's lease ended before that time.
return redis.call('ZRANGEBYSCORE', base .. 'codes', '-inf', '(' .. ARGV[2],
  'LIMIT', 0, tonumber(ARGV[3]))
