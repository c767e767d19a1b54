package dev.perennial.domain.credential;

import java.util.Optional;

/**
 * The counts of all connections that one process takes from time to time for all of them.
 * Thread-safe.
 */
public interface Censuses {

  /**
   * The last one; empty where none was taken yet. What was written by a version that we do not
   * understand counts as none.
   *
   * @throws dev.perennial.domain.UnavailableException where the store does not answer
   */
  Optional<Census> latest();
}
