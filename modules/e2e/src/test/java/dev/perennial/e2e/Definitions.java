package dev.perennial.e2e;

import dev.perennial.devstack.provider.SimulatedProvider;
import java.net.URI;

/** Definition files for the servers of the tests. */
final class Definitions {
  private Definitions() {}

  static String of(SimulatedProvider provider) {
    return of(provider.authorizeUri(), provider.tokenUri(), "mail.read");
  }

  /** An ordinary provider: form bodies, PKCE, a refresh request. */
  static String of(URI authorize, URI token, String scope) {
    return """
    {
      "oauth": {
        "authenticate_url": "%s?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}&response_type=code&scope=%s",
        "pkce": true,
        "access_token": {
          "url": "%s",
          "data": {
            "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}",
            "grant_type": "authorization_code", "redirect_uri": "{{ redirect_url }}"
          }
        },
        "refresh": {
          "url": "%s",
          "data": {
            "client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}",
            "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}"
          }
        }
      }
    }
    """
        .formatted(authorize, scope, token, token);
  }
}
