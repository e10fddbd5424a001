/** Types of resources that hold data, or an address that others have written down. */
export const DATA_TYPES = [
  "digitalocean:index/volume:Volume",
  "digitalocean:index/reservedIp:ReservedIp",
  "aws:ebs/volume:Volume",
  "aws:rds/instance:Instance",
  "aws:ec2/eip:Eip",
] as const;

export const DROPLET = "digitalocean:index/droplet:Droplet";
export const DROPLET_VOLUME = "digitalocean:index/volume:Volume";
export const DROPLET_FIREWALL = "digitalocean:index/firewall:Firewall";
export const INSTANCE = "aws:ec2/instance:Instance";
export const EBS_VOLUME = "aws:ebs/volume:Volume";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const RDS_INSTANCE = "aws:rds/instance:Instance";
export const RDS_PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
