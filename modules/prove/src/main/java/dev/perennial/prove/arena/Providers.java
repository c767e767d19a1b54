package dev.perennial.prove.arena;

import dev.perennial.devstack.provider.Fault;
import dev.perennial.prove.guarantee.Promise;
import dev.perennial.prove.witness.ProviderWitness;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Whom the connections of a run are with: pretend providers, or a real server. */
public interface Providers extends AutoCloseable {

  /** Definition files, by integration. */
  Map<String, String> definitions();

  /** Values of the definitions' variables, as the environment has them. */
  Map<String, String> variables();

  /** Token requests to the first are to come by the second, where a ledger is kept. */
  Map<URI, URI> tokenEndpoints();

  ProviderWitness witness();

  Map<String, Promise> promises();

  /** How many consents at a time they bear, cold. */
  int atOnce();

  /** Those that can be made to fail. */
  List<String> faulty();

  /**
   * Token requests fail from now on.
   *
   * @param share of them, 0 to 1
   */
  void breakOne(String name, double share, long seed, Fault fault);

  /** No fault any more. */
  void mend(String name);

  @Override
  void close();
}
