-- Everything sealed that stands in a connection's hash, and where it stands in the order.
return redis.call('HMGET', conn, 'grant', 'token_gen', 'version', 'status', 'sealed', 'staged', 'unreadable')
