package dev.perennial.bench.row;

import dev.perennial.bench.bed.Connections;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.bed.Worker;
import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Connections that are refreshed again and again, and the credentials worker that looks after their
 * shards. For one thread.
 */
final class Pool implements AutoCloseable {
  private static final Duration LIFE = Duration.ofHours(4);

  private final Run run;
  private final Soon<Worker> credentials;
  private final Connections connections;
  private int made;
  private int next;

  Pool(Run run) {
    this.run = run;
    TestBed bed = run.bed();
    run.say("starting the credentials role");
    this.credentials = Soon.of(() -> bed.worker("credentials", Map.of()));
    this.connections = new Connections(bed);
  }

  /** From here on there are at least so many. */
  void grow(int wanted) {
    if (wanted > made) {
      run.say("making " + (wanted - made) + " connections");
      credentials.get(); // whose shards take them
      connections.make(made, wanted, null, LIFE);
      made = wanted;
    }
  }

  int size() {
    return made;
  }

  /** As many as are asked for, those that had their turn longest ago first. */
  Collection<CredentialState> turn(int count) {
    List<CredentialState> states = new ArrayList<>(count);
    while (states.size() < count) {
      int to = Math.min(made, next + count - states.size());
      states.addAll(connections.states(next, to));
      next = to % made;
    }
    return states;
  }

  /** Whose admin API answers for them. */
  Worker credentials() {
    return credentials.get();
  }

  Connections connections() {
    return connections;
  }

  @Override
  public void close() {
    connections.close();
  }
}
