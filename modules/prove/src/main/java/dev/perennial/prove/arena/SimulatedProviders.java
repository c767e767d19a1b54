package dev.perennial.prove.arena;

import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Rotation;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.prove.guarantee.Promise;
import dev.perennial.prove.witness.LedgerWitness;
import dev.perennial.prove.witness.ProviderWitness;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Pretend providers of three kinds: strict single use, a reuse window of 30 s, and no rotation;
 * access tokens live for 20 to 60 s.
 */
public final class SimulatedProviders implements Providers {
  private static final Rotation WINDOW = Rotation.reusableFor(Duration.ofSeconds(30));

  private static final Map<String, Duration> LIVES =
      Map.of(
          "strict", Duration.ofSeconds(20),
          "window", Duration.ofSeconds(25),
          "steady", Duration.ofSeconds(30),
          "strict-slow", Duration.ofSeconds(45),
          "window-slow", Duration.ofSeconds(60));

  private static final List<ProviderProfile> PROFILES =
      List.of(
          profile("strict", Rotation.SINGLE_USE),
          profile("window", WINDOW),
          profile("steady", Rotation.NEVER),
          profile("strict-slow", Rotation.SINGLE_USE),
          profile("window-slow", WINDOW));

  private final ProviderSimulator simulator = ProviderSimulator.start(0, PROFILES);

  private static ProviderProfile profile(String name, Rotation rotation) {
    return ProviderProfile.named(name)
        .client(name + "-client", name + "-secret-0a8c51d7")
        .accessTokenLife(LIVES.getOrDefault(name, Duration.ZERO))
        .rotation(rotation)
        .build();
  }

  @Override
  public Map<String, String> definitions() {
    return byName(profile -> definition(simulator.provider(profile.name()), reuse(profile.name())));
  }

  private static String reuse(String name) {
    return name.startsWith("window") ? "30s" : name.equals("steady") ? "always" : "none";
  }

  private static String definition(SimulatedProvider provider, String reuse) {
    String lifetime =
        reuse.equals("none") ? "" : ", \"lifetime\": {\"reuse_window\": \"" + reuse + "\"}";
    String client =
        "\"client_id\": \"{{ CLIENT_ID }}\", \"client_secret\": \"{{ CLIENT_SECRET }}\"";
    return """
    {"oauth": {
      "authenticate_url": "%s?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}&response_type=code&scope=mail.read",
      "pkce": true,
      "access_token": {"url": "%s", "data": {%s,
        "grant_type": "authorization_code", "redirect_uri": "{{ redirect_url }}"}},
      "refresh": {"url": "%s", "data": {%s,
        "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}"}}%s
    }}
    """
        .formatted(
            provider.authorizeUri(),
            provider.tokenUri(),
            client,
            provider.tokenUri(),
            client,
            lifetime);
  }

  @Override
  public Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (ProviderProfile profile : PROFILES) {
      String prefix = "PERENNIAL_" + profile.name().toUpperCase(Locale.ROOT).replace('-', '_');
      variables.put(prefix + "_CLIENT_ID", profile.clientId());
      variables.put(prefix + "_CLIENT_SECRET", profile.clientSecret());
    }
    return variables;
  }

  @Override
  public Map<URI, URI> tokenEndpoints() {
    return Map.of(simulator.baseUri(), simulator.baseUri());
  }

  @Override
  public ProviderWitness witness() {
    return new LedgerWitness(simulator.ledger());
  }

  @Override
  public Map<String, Promise> promises() {
    return byName(profile -> promise(profile.name()));
  }

  private static Promise promise(String name) {
    return switch (reuse(name)) {
      case "30s" -> new Promise(true, WINDOW.reuseWindow());
      case "always" -> Promise.STEADY;
      default -> Promise.STRICT;
    };
  }

  private static <T> Map<String, T> byName(java.util.function.Function<ProviderProfile, T> what) {
    Map<String, T> all = new LinkedHashMap<>();
    PROFILES.forEach(profile -> all.put(profile.name(), what.apply(profile)));
    return all;
  }

  @Override
  public int atOnce() {
    return 12;
  }

  @Override
  public List<String> faulty() {
    return PROFILES.stream().map(ProviderProfile::name).collect(Collectors.toList());
  }

  @Override
  public void breakOne(String name, double share, long seed, Fault fault) {
    simulator.provider(name).failWithProbability(share, seed, fault);
  }

  @Override
  public void mend(String name) {
    simulator.provider(name).recover();
  }

  @Override
  public void close() {
    simulator.close();
  }
}
