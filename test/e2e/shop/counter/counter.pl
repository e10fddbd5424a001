# Counts for who knows the password: a line with it, answered by the next number.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => 7000, Listen => 16, ReuseAddr => 1) // die "port 7000: $@\n";
while (my $client = $server->accept) {
    chomp(my $password = <$client> // '');
    print $client $password ne '' && $password eq $ENV{COUNTER_PASSWORD} ? increased() : 'wrong password';
    close $client;
}

sub increased {
    open my $file, '+<', '/var/lib/counter/value' or return "can't be opened: $!";
    my $value = 1 + <$file>;
    seek $file, 0, 0;
    print $file "$value\n";
    close $file;
    return $value;
}
