-- KEYS[1] how far a session has come. ARGV[1] connection, [2] when its link ends in ms, [3] keep ms
redis.call('HSET', KEYS[1], 'connection', ARGV[1], 'expires_at', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'ok'}
