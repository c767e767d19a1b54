-- Set before what the shard's owner does from the journal, also while the shard is being healed.
local owner = true
