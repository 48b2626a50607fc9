package io.syncline.access;

/** Tokens of an identity provider. */
interface Tokens {
    /** Whether the text is to be taken for a token, be it a good one or not. */
    boolean takes(String credential);

    /**
     * @throws NotAdmitted when it opens nothing
     * @throws ProviderUnreachable when that cannot be told
     */
    Caller caller(String token);

    /** Where no provider is set. */
    Tokens NONE = new Tokens() {
        @Override
        public boolean takes(String credential) {
            return false;
        }

        @Override
        public Caller caller(String token) {
            throw new NotAdmitted("Tokens are not taken here.", true);
        }
    };
}
