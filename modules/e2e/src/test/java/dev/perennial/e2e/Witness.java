package dev.perennial.e2e;

import dev.perennial.client.CredentialListener;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Writes down every record of the topics, duplicates too. Thread-safe. */
final class Witness implements CredentialListener {
  private final List<CredentialUpdate> updates = new ArrayList<>();
  private final List<AuthorizationFailed> failures = new ArrayList<>();

  @Override
  public synchronized void updated(CredentialUpdate update) {
    updates.add(update);
  }

  @Override
  public synchronized void authorizationFailed(AuthorizationFailed failed) {
    failures.add(failed);
  }

  /** In the order of the topic. */
  synchronized List<CredentialUpdate> updates(ConnectionKey key) {
    return updates.stream().filter(update -> update.state().key().equals(key)).toList();
  }

  synchronized List<AuthorizationFailed> failures() {
    return List.copyOf(failures);
  }

  List<CredentialState> states(ConnectionKey key) {
    return updates(key).stream().map(CredentialUpdate::state).toList();
  }

  long count(ConnectionKey key, Change change) {
    return states(key).stream().filter(state -> state.change() == change).count();
  }

  /** Waits for an update of this kind and returns the first one. */
  CredentialUpdate await(ConnectionKey key, Predicate<CredentialState> wanted) {
    Await.until(
        key + " has not come so far; seen: " + states(key), () -> find(key, wanted).isPresent());
    return find(key, wanted).orElseThrow();
  }

  /** Waits until so many changes of a kind were published. */
  void await(ConnectionKey key, Change change, int times) {
    Await.until(
        times + " times " + change.text() + " for " + key, () -> count(key, change) >= times);
  }

  private Optional<CredentialUpdate> find(ConnectionKey key, Predicate<CredentialState> wanted) {
    return updates(key).stream().filter(update -> wanted.test(update.state())).findFirst();
  }
}
