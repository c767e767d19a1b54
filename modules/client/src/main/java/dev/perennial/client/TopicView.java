package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of every connection, by its name. {@link CredentialEvents} lets only newer
 * versions through. Written by one thread, read by any.
 */
final class TopicView implements CredentialListener {
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final Announcer announcer;
  private final boolean replay;
  private volatile boolean ready;
  private volatile boolean closed;
  private volatile Consumer<ConnectionKey> changes = key -> {};

  /**
   * @param replay whether what is so when following begins is announced
   */
  TopicView(Announcer announcer, boolean replay) {
    this.announcer = announcer;
    this.replay = replay;
  }

  /** Who wants to hear of changes, on the thread that follows; before following begins. */
  void onChange(Consumer<ConnectionKey> listener) {
    changes = listener;
  }

  @Override
  public void updated(CredentialUpdate update) {
    CredentialState state = update.state();
    held.put(state.key().toString(), new Held(state));
    if (ready || replay) {
      announcer.announce(state.change(), ConnectionState.of(state));
    }
    changes.accept(state.key());
  }

  @Override
  public void forgotten(ConnectionKey key) {
    held.remove(key.toString());
    changes.accept(key);
  }

  /** All that stood on the topic at the start is here. */
  void caughtUp() {
    ready = true;
  }

  /** Whether it may be believed. */
  boolean isReady() {
    return ready && !closed;
  }

  /** Null where none is known. */
  @Nullable Held find(String connection) {
    return held.get(connection);
  }

  /**
   * @throws CredentialException where it is not ready, or there is no such connection
   */
  Held get(ConnectionKey key) {
    if (closed) {
      throw CredentialException.closed(key);
    }
    if (!ready) {
      throw CredentialException.notReady(key);
    }
    Held found = held.get(key.toString());
    if (found == null) {
      throw CredentialException.unknown(key);
    }
    return found;
  }

  void close() {
    closed = true;
  }
}
