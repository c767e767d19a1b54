-- KEYS[1] the shard's hash. ARGV[2] topic offset, [3] journal offset: where reading goes on.
redis.call('HSET', KEYS[1], 'topic_offset', ARGV[2], 'journal_offset', ARGV[3])
return {'ok'}
