package dev.perennial.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down what a listener hears, and on which thread. */
final class Heard implements CredentialsListener {
  final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  volatile @Nullable String thread;

  @Nullable String next() throws InterruptedException {
    return lines.poll(30, TimeUnit.SECONDS);
  }

  private void hear(String what, ConnectionState state) {
    thread = Thread.currentThread().getName();
    lines.add(what + " " + state.connection() + " " + state.version());
  }

  @Override
  public void connected(ConnectionState state) {
    hear("connected", state);
  }

  @Override
  public void refreshed(ConnectionState state) {
    hear("refreshed", state);
  }

  @Override
  public void refreshFailed(ConnectionState state) {
    hear("refreshFailed", state);
  }

  @Override
  public void reauthorizationRequired(ConnectionState state) {
    hear("reauthorizationRequired", state);
  }

  @Override
  public void expiring(ConnectionState state) {
    hear("expiring", state);
  }

  @Override
  public void expired(ConnectionState state) {
    hear("expired", state);
  }

  @Override
  public void deleted(ConnectionState state) {
    hear("deleted", state);
  }
}
