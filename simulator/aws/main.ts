import { serveCloud } from "../core/plugin";
import { address, addressAssociation } from "./address";
import { aws } from "./cloud";
import { database } from "./database";
import { databaseParameterGroup, databaseSubnetGroup } from "./database-groups";
import { instance } from "./instance";
import { internetGateway } from "./internet-gateway";
import { keyPair } from "./key-pair";
import { useProvider } from "./provider";
import { record } from "./record";
import { route } from "./route";
import { routeTable, routeTableAssociation } from "./route-table";
import table from "./schema.json";
import { securityGroup } from "./security-group";
import { egressRule, ingressRule } from "./security-group-rule";
import { subnet } from "./subnet";
import { volume } from "./volume";
import { volumeAttachment } from "./volume-attachment";
import { vpc } from "./vpc";

serveCloud(
  table,
  aws,
  {
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/internetGateway:InternetGateway": internetGateway,
    "aws:ec2/routeTable:RouteTable": routeTable,
    "aws:ec2/route:Route": route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
    "aws:ec2/securityGroup:SecurityGroup": securityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ingressRule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": egressRule,
    "aws:ec2/keyPair:KeyPair": keyPair,
    "aws:ec2/instance:Instance": instance,
    "aws:ec2/eip:Eip": address,
    "aws:ec2/eipAssociation:EipAssociation": addressAssociation,
    "aws:ec2/volumeAttachment:VolumeAttachment": volumeAttachment,
    "aws:ebs/volume:Volume": volume,
    "aws:rds/subnetGroup:SubnetGroup": databaseSubnetGroup,
    "aws:rds/parameterGroup:ParameterGroup": databaseParameterGroup,
    "aws:rds/instance:Instance": database,
    "aws:route53/record:Record": record,
  },
  useProvider,
);
