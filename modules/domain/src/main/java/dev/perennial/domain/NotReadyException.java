package dev.perennial.domain;

/**
 * The shard of a connection is fenced off: Redis was restarted, failed over or lost data, and the
 * shard's owner has not brought it up to the topics yet. Nothing was changed. Passes by itself once
 * a credentials role runs.
 */
public final class NotReadyException extends UnavailableException {
  public NotReadyException(String message) {
    super(message);
  }
}
