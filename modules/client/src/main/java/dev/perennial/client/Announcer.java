package dev.perennial.client;

import dev.perennial.domain.credential.Change;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener on one daemon thread, in the order of the calls. Thread-safe. */
final class Announcer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private final CredentialsListener listener;
  private final @Nullable ExecutorService thread;

  /**
   * @param listener null: nobody listens, and no thread is started
   */
  Announcer(@Nullable CredentialsListener listener) {
    this.listener = listener == null ? new CredentialsListener() {} : listener;
    this.thread =
        listener == null
            ? null
            : Executors.newSingleThreadExecutor(Daemons.named("perennial-listener"));
  }

  void announce(Change change, ConnectionState state) {
    if (thread == null) {
      return;
    }
    try {
      thread.execute(() -> tell(change, state));
    } catch (RejectedExecutionException e) {
      log.debug("closed before {} was told", state.connection());
    }
  }

  private void tell(Change change, ConnectionState state) {
    try {
      switch (change) {
        case CONNECTED -> listener.connected(state);
        case REFRESHED -> listener.refreshed(state);
        case REFRESH_FAILED -> listener.refreshFailed(state);
        case REAUTHORIZATION_REQUIRED -> listener.reauthorizationRequired(state);
        case EXPIRING -> listener.expiring(state);
        case EXPIRED -> listener.expired(state);
        case RESEALED -> {} // the same tokens
        case DELETED -> listener.deleted(state);
      }
    } catch (RuntimeException e) {
      log.error("the listener failed on {} of {}", change.text(), state.connection(), e);
    }
  }

  /** Nothing more is begun to be told. */
  @Override
  public void close() {
    if (thread != null) {
      thread.shutdownNow();
    }
  }
}
