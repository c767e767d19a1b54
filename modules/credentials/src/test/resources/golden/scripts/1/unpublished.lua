-- ARGV[2] older than ms, [3] at most. Connection keys whose current version is not known to be published.
return redis.call('ZRANGEBYSCORE', base .. 'unpublished', '-inf', int(now - tonumber(ARGV[2])),
  'LIMIT', 0, tonumber(ARGV[3]))
